/**
 * Finds the document that crashes the process in native code: a journal of what is in flight, which
 * outlives the process, and a gate that runs suspects one by one after a crash. It knows requests
 * and outcomes, but no engine.
 */
@NullMarked
package io.kaiseki.inference.journal;

import org.jspecify.annotations.NullMarked;
