"""The rooms of the Pillow engine. All but `targets` import Pillow at once: only workers enter them."""
