/**
 * Answers questions about all documents: from this instance's own stores, and from those of the
 * other instances for the partitions that live there. Knows nothing of how it is asked.
 */
@NullMarked
package io.kaiseki.desk.view;

import org.jspecify.annotations.NullMarked;
