/**
 * The local engine over HTTP, in the words of OpenAI's chat completions: for many TaskManagers that
 * share one model, and for any client. {@link io.kaiseki.pipelines.serve.ChatServer} is all that a
 * command needs; {@link io.kaiseki.pipelines.serve.Access} says who may ask.
 */
@NullMarked
package io.kaiseki.pipelines.serve;

import org.jspecify.annotations.NullMarked;
