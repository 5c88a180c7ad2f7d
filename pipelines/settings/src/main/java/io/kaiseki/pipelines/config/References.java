package io.kaiseki.pipelines.config;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Replaces {@code ${env:NAME}} and {@code ${file:PATH}}, which keep secrets out of settings. */
public final class References {

  private static final Pattern REFERENCE = Pattern.compile("\\$\\{(env|file):([^}]+)}");

  private References() {}

  /**
   * The value with all references replaced.
   *
   * @param environment variables by name, usually {@link System#getenv()}
   * @throws UnresolvedException if one leads nowhere; its message says which and what to do
   */
  public static String resolve(String value, Map<String, String> environment)
      throws UnresolvedException {
    Matcher matcher = REFERENCE.matcher(value);
    StringBuilder resolved = new StringBuilder();
    while (matcher.find()) {
      String replacement = resolve(matcher.toMatchResult(), environment);
      matcher.appendReplacement(resolved, Matcher.quoteReplacement(replacement));
    }
    return matcher.appendTail(resolved).toString();
  }

  private static String resolve(MatchResult reference, Map<String, String> environment)
      throws UnresolvedException {
    String name = reference.group(2);
    if (reference.group(1).equals("env")) {
      String variable = environment.get(name);
      if (variable == null) {
        throw new UnresolvedException("the environment has no variable " + name + "; set it");
      }
      return variable;
    }
    try {
      return Files.readString(Path.of(name), StandardCharsets.UTF_8).strip();
    } catch (IOException | InvalidPathException e) {
      throw new UnresolvedException("can't read " + name + ": " + e);
    }
  }

  /** A reference leads nowhere. */
  public static final class UnresolvedException extends Exception {

    UnresolvedException(String message) {
      super(message);
    }

    @Override
    public String getMessage() {
      return String.valueOf(super.getMessage());
    }
  }
}
