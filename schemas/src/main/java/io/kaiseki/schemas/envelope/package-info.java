/**
 * The envelope of a result: the answer, whose schema belongs to the analysis, together with its
 * confidences and provenance, in one schema that a consumer finds complete in the registry.
 */
@NullMarked
package io.kaiseki.schemas.envelope;

import org.jspecify.annotations.NullMarked;
