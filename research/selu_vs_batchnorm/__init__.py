"""Does SELU's self-normalization do for deep networks what batch normalization does?"""
