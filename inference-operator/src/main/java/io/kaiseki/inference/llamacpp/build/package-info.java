/**
 * Builds of llama.cpp beside the one that ships: which are known, what their files must be, and how
 * they get onto a machine. Knows nothing of native code; {@code io.kaiseki.inference.llamacpp}
 * loads what stands here.
 */
@NullMarked
package io.kaiseki.inference.llamacpp.build;

import org.jspecify.annotations.NullMarked;
