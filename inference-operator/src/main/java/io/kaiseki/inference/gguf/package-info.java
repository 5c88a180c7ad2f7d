/**
 * GGUF model files in pure Java: what a file holds, whether it is safe to hand to native code,
 * whether it fits in memory, and how to write one of any shape, with made-up weights or a small
 * model's inside. Nothing here loads a native library or depends on another package of the product;
 * the layout follows the GGUF specification of the ggml project, versions 2 and 3, little endian.
 */
@NullMarked
package io.kaiseki.inference.gguf;

import org.jspecify.annotations.NullMarked;
