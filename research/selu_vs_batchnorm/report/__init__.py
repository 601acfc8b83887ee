"""What the study says: answers, tables, pictures, and a report that holds them against the paper.

Here belongs what is made of results, never what makes them. `compare`, `statistics` and `theory` compute,
`tables` and `pictures` show, `chapters` says what it means, and `document` is what becomes HTML and Markdown.
"""

from research.selu_vs_batchnorm.report.answers import answer as answer
from research.selu_vs_batchnorm.report.chapters import write as write
from research.selu_vs_batchnorm.report.pictures import pictures as pictures, save as save
from research.selu_vs_batchnorm.report.reading import load as load
from research.selu_vs_batchnorm.report.screen import draw as draw, show as show
