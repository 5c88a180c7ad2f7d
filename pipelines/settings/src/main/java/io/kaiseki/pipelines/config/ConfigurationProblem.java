package io.kaiseki.pipelines.config;

/**
 * One thing that is wrong with a configuration.
 *
 * @param key the setting, as the user wrote it, such as {@code model.slots} or {@code --registry}
 * @param value the value given; empty where it is missing; never a secret
 * @param remedy what is expected, and what to do
 */
public record ConfigurationProblem(String key, String value, String remedy) {

  @Override
  public String toString() {
    return key + (value.isEmpty() ? "" : " = " + value) + ": " + remedy;
  }
}
