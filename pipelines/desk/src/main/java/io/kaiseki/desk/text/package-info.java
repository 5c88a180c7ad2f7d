/** The text of a document, from where it stands, and where in it the quoted words are. */
@NullMarked
package io.kaiseki.desk.text;

import org.jspecify.annotations.NullMarked;
