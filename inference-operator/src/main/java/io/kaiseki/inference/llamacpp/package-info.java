/**
 * The engine that runs a GGUF file inside this process on llama.cpp's C API: one thread owns the
 * native context, batches all slots together and advances each slot's constraint. The only package
 * that touches native memory.
 */
@NullMarked
package io.kaiseki.inference.llamacpp;

import org.jspecify.annotations.NullMarked;
