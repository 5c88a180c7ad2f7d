/**
 * What the desk shows, as plain data: the columns that a result schema gives, one document as the
 * desk knows it, and where it stands. Knows nothing of streams, stores or HTTP.
 */
@NullMarked
package io.kaiseki.desk.model;

import org.jspecify.annotations.NullMarked;
