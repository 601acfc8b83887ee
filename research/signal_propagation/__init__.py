"""Do signals and gradients in real networks do what mean-field theory says, to a thousand layers?"""
