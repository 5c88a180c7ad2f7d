/**
 * Keeps personal data from the model: values that an analysis' {@link
 * io.kaiseki.inference.MaskingPolicy} names are replaced by placeholders before an engine sees the
 * text. {@link io.kaiseki.inference.privacy.MaskingEngine} stands before any engine.
 */
@NullMarked
package io.kaiseki.inference.privacy;

import org.jspecify.annotations.NullMarked;
