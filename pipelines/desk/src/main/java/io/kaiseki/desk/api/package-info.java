/**
 * The desk over HTTP: an API for programs, live events, and the page. It translates; what it
 * answers comes from the view.
 */
@NullMarked
package io.kaiseki.desk.api;

import org.jspecify.annotations.NullMarked;
