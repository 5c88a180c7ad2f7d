package io.kaiseki.pipelines.cli;

import io.kaiseki.pipelines.bench.arm.OpenAiServer;
import io.kaiseki.schemas.registry.Secret;
import java.net.URI;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options that name the server of a bench's arm {@code openai}. */
final class BenchServer {

  private static final String KEY_VARIABLE = "OPENAI_API_KEY";

  @Option(
      names = "--openai",
      paramLabel = "URL",
      description =
          "Server of the arm openai, that speaks OpenAI's chat completions; its key in "
              + KEY_VARIABLE
              + ".")
  @Nullable URI url;

  @Option(
      names = "--openai-model",
      paramLabel = "NAME",
      description = "Name of the model on that server.")
  @Nullable String model;

  /** The server; empty where none is named. */
  Optional<OpenAiServer> server() {
    return Optional.ofNullable(url)
        .map(
            address ->
                new OpenAiServer(
                    address,
                    String.valueOf(model),
                    Optional.ofNullable(System.getenv(KEY_VARIABLE))
                        .filter(key -> !key.isBlank())
                        .map(Secret::of)));
  }

  /**
   * Notes what is wrong with them.
   *
   * @param named whether the arm is asked for by its name
   * @param all whether all arms are, this one if there is a server
   */
  void check(boolean named, boolean all, OptionProblems problems) {
    if (!named && !all) {
      String remedy = "has no effect without the arm openai; add it to --arms or leave this out";
      problems.checkAbsent("--openai", url, remedy);
      problems.checkAbsent("--openai-model", model, remedy);
    } else if (url == null) {
      if (named) {
        problems.add("--openai", "", "missing; the arm openai needs the address of its server");
      } else {
        problems.checkAbsent("--openai-model", model, "has no effect without --openai; add that");
      }
    } else {
      if (!("http".equals(url.getScheme()) || "https".equals(url.getScheme()))) {
        problems.add("--openai", url.toString(), "expected an http or https address");
      }
      if (model == null) {
        problems.add("--openai-model", "", "missing; name the model on the server of --openai");
      }
    }
  }
}
