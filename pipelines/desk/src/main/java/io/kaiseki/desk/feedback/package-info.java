/** What people say about answers, as records of a topic of its own. A result is never changed. */
@NullMarked
package io.kaiseki.desk.feedback;

import org.jspecify.annotations.NullMarked;
