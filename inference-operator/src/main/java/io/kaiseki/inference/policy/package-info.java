/**
 * Puts in one place what stands between a document and an engine by an analysis' policies: masking
 * first, then what becomes of long documents. Whoever runs analyses on an engine that he has
 * acquired himself goes through {@link io.kaiseki.inference.policy.PolicyEngine}; the operator
 * does.
 */
@NullMarked
package io.kaiseki.inference.policy;

import org.jspecify.annotations.NullMarked;
