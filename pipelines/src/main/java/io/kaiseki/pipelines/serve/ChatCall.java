package io.kaiseki.pipelines.serve;

import io.kaiseki.inference.Analysis;
import io.kaiseki.inference.Lane;
import java.time.Duration;

/**
 * A chat completion that a client asks for, understood.
 *
 * @param model the name that the client called the model by
 * @param analysis what is asked: instructions, contract and reasoning
 * @param document the last user message
 * @param lane class of service
 * @param deadline time for it from now
 * @param fresh whether its answer is to be computed for it alone
 * @param stream whether the reply goes out as server-sent events
 * @param streamUsage whether a stream ends with the usage
 */
record ChatCall(
    String model,
    Analysis analysis,
    String document,
    Lane lane,
    Duration deadline,
    boolean fresh,
    boolean stream,
    boolean streamUsage) {}
