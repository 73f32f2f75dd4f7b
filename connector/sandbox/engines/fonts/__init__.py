"""The rooms of the font engine: the containers that fonts come in."""
