package io.kaiseki.inference.llamacpp;

import io.kaiseki.inference.EngineUnavailableException;
import io.kaiseki.inference.gguf.Architecture;
import io.kaiseki.inference.llamacpp.build.InstalledBuild;
import io.kaiseki.inference.llamacpp.build.PinnedBuild;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which build of llama.cpp the setting {@code model.library} means.
 *
 * @param library the build, loaded
 * @param why why it was taken, for the log
 */
record LibraryChoice(LlamaLibrary library, String why) {

  private static final Logger LOG = LoggerFactory.getLogger(LibraryChoice.class);

  /**
   * Chooses and loads.
   *
   * @param setting {@code auto} or empty: the best build that is installed and whole, or else the
   *     one that ships; {@code shipped}; the name of an installed build; or the path of a libllama
   * @throws EngineUnavailableException if what was asked for by name or path can't be used
   */
  static LibraryChoice of(String setting) {
    LibraryChoice choice = choose(setting);
    LOG.info(
        "event=llama-library-chosen setting={} build=\"{}\" why=\"{}\"",
        setting.isEmpty() ? LlamaCppSettings.AUTO_LIBRARY : setting,
        choice.library.build(),
        choice.why);
    return choice;
  }

  /** Why a model family can't run with what a setting means; loads nothing. */
  static Optional<String> unsupported(String setting, Architecture architecture) {
    if (!LlamaCppSettings.isLibraryName(setting)) {
      return Optional.empty();
    }
    return pinned(setting)
        .map(
            build ->
                LlamaLibrary.unsupported(
                    NativeLayout.named(build.layout()), build.title(), architecture))
        .orElseGet(
            () -> LlamaLibrary.unsupported(NativeLayout.B4916, "llama.cpp b4916", architecture));
  }

  /**
   * The layout of the build that a setting means; loads nothing. Of a library that is given by its
   * path, the one of the build that ships, which takes more memory than the others.
   */
  static NativeLayout layout(String setting) {
    return pinned(setting)
        .map(build -> NativeLayout.named(build.layout()))
        .orElse(NativeLayout.B4916);
  }

  /** The build that a setting means; empty if it is the one that ships, or a path. */
  private static Optional<PinnedBuild> pinned(String setting) {
    boolean auto = setting.isEmpty() || setting.equals(LlamaCppSettings.AUTO_LIBRARY);
    return PinnedBuild.all().stream()
        .filter(build -> auto ? usable(build) : build.name().equals(setting))
        .findFirst();
  }

  private static boolean usable(PinnedBuild build) {
    InstalledBuild installed = InstalledBuild.inCache(build);
    return build.forThisPlatform() && installed.present() && installed.problem().isEmpty();
  }

  private static LibraryChoice choose(String setting) {
    if (setting.isEmpty() || setting.equals(LlamaCppSettings.AUTO_LIBRARY)) {
      return best();
    }
    if (setting.equals(LlamaCppSettings.SHIPPED_LIBRARY)) {
      return new LibraryChoice(shipped(), "model.library asks for it");
    }
    Optional<PinnedBuild> named = PinnedBuild.named(setting);
    return new LibraryChoice(
        named.isPresent() ? named(named.get()) : atPath(setting), "model.library names it");
  }

  /** Never fails because of what is installed: a job must start with what works. */
  private static LibraryChoice best() {
    String why = "no other is installed";
    for (PinnedBuild build : PinnedBuild.all()) {
      InstalledBuild installed = InstalledBuild.inCache(build);
      if (!build.forThisPlatform() || !installed.present()) {
        continue;
      }
      try {
        return new LibraryChoice(whole(installed), "best of those that are installed and whole");
      } catch (EngineUnavailableException e) {
        why = "the installed " + build.name() + " can't be used";
        LOG.warn(
            "event=installed-library-refused build={} falls back; mend it with 'kaiseki native add"
                + " {}': {}",
            build.name(),
            build.name(),
            e.getMessage());
      }
    }
    return new LibraryChoice(shipped(), why);
  }

  private static LlamaLibrary shipped() {
    return LlamaLibrary.at(ShippedLibrary.extracted(), null);
  }

  private static LlamaLibrary named(PinnedBuild build) {
    InstalledBuild installed = InstalledBuild.inCache(build);
    if (!installed.present()) {
      throw new EngineUnavailableException(
          "model.library = "
              + build.name()
              + " ("
              + build.title()
              + ") is not installed; run 'kaiseki native add "
              + build.name()
              + "'");
    }
    return whole(installed);
  }

  /** What is loaded already was checked then, and its pages stay as they are. */
  private static LlamaLibrary whole(InstalledBuild installed) {
    if (!LlamaLibrary.loaded(installed.library())) {
      installed
          .problem()
          .ifPresent(
              problem -> {
                throw new EngineUnavailableException(
                    "model.library = "
                        + installed.directory()
                        + " is not "
                        + installed.build().title()
                        + ": "
                        + problem
                        + "; run 'kaiseki native add "
                        + installed.build().name()
                        + "'");
              });
    }
    return LlamaLibrary.at(installed.library(), installed);
  }

  private static LlamaLibrary atPath(String setting) {
    Path file = Path.of(setting).toAbsolutePath().normalize();
    if (!Files.isRegularFile(file)) {
      throw new EngineUnavailableException(
          "model.library = "
              + setting
              + " is no file; give auto, shipped, the name of an installed build, or the path of a"
              + " libllama");
    }
    try {
      Optional<PinnedBuild> pinned = PinnedBuild.withLibrary(InstalledBuild.sha256(file));
      if (pinned.isPresent() && file.getParent() != null) {
        return whole(new InstalledBuild(pinned.get(), file.getParent()));
      }
    } catch (IOException e) {
      throw new EngineUnavailableException("model.library = " + file + " can't be read: " + e, e);
    }
    return LlamaLibrary.at(file, null);
  }
}
