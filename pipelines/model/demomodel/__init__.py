"""Makes the small model that ships with Kaiseki: data, tokenizer, training, export, evaluation."""

import os

# More threads only wait for each other, see workers.py; the library reads it when it is loaded.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
