package io.kaiseki.pipelines.analysis;

import io.kaiseki.inference.openai.OpenAiSettings;

/**
 * A second model for what the first is unsure of.
 *
 * @param remote the second model
 * @param threshold it is asked where the first one's least sure label has less probability
 */
public record CascadeSettings(OpenAiSettings remote, double threshold) {}
