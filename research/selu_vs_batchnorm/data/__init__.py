"""Classification tasks, checked before anything is trained on them.

Here belongs what makes a `Task` of scikit-learn's data or of files, and what refuses bad ones. `task` says
what a task is, `checks` what it must hold, `files` reads without trust; the others are one source each.
"""

from research.selu_vs_batchnorm.data.htru2 import htru2 as htru2
from research.selu_vs_batchnorm.data.images import fashion as fashion
from research.selu_vs_batchnorm.data.shipped import SHIPPED as SHIPPED, shipped as shipped
from research.selu_vs_batchnorm.data.task import Rows as Rows, Task as Task
from research.selu_vs_batchnorm.data.uci import Size as Size, uci as uci, uci_index as uci_index
