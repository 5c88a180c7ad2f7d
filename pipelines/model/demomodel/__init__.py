"""Makes the small model that ships with Kaiseki: data, tokenizer, training, export, evaluation."""
