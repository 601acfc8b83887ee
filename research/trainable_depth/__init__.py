"""How deep a network does mean-field theory let one train, and does it train so deep?"""
