/** Drawing: what plots of all kinds are made with. It knows nothing of what they show. */
@NullMarked
package io.kaiseki.pipelines.plot;

import org.jspecify.annotations.NullMarked;
