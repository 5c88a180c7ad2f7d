/**
 * What the model reads: instructions, the field guide made from the contract, and the document, in
 * DeepSeek-R1's chat format. Text only; tokens are the engine's.
 */
@NullMarked
package io.kaiseki.inference.prompt;

import org.jspecify.annotations.NullMarked;
