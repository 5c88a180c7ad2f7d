package io.kaiseki.inference.llamacpp;

import com.sun.jna.Library;
import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Pointer;
import io.kaiseki.inference.EngineUnavailableException;
import io.kaiseki.inference.gguf.Architecture;
import io.kaiseki.inference.gguf.Hyperparameters;
import io.kaiseki.inference.llamacpp.NativeLayout.Identity;
import io.kaiseki.inference.llamacpp.build.InstalledBuild;
import io.kaiseki.inference.llamacpp.build.PinnedBuild;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A llama.cpp library that is loaded and whose binary interface is checked. Loaded once per JVM and
 * path, never unloaded: native code can't be unloaded safely.
 */
final class LlamaLibrary {

  /**
   * Opens a library apart from all others (RTLD_NOW without RTLD_GLOBAL). By default JNA would make
   * its functions visible to every library that is loaded later, and a second build of llama.cpp
   * would call the first one's.
   */
  static final Map<String, Object> OPEN_APART = Map.of(Library.OPTION_OPEN_FLAGS, 2);

  private static final Logger LOG = LoggerFactory.getLogger(LlamaLibrary.class);
  private static final Map<Path, LlamaLibrary> LOADED = new HashMap<>();

  private final LlamaApi api;
  private final NativeLayout layout;
  private final String build;
  private final boolean usesAvx512;
  // Native code keeps only the function pointer; without this field the callback would be
  // collected.
  private final LlamaApi.LogCallback log;
  // Those that it needs; kept, since JNA closes a library that nobody refers to.
  private final List<NativeLibrary> companions = new ArrayList<>();

  private LlamaLibrary(Path file, @Nullable InstalledBuild pinned) {
    NativeLibrary library;
    OpenMpWaiting.limitSpinning();
    try {
      if (pinned != null) {
        // By their paths: a name alone would be looked up in LD_LIBRARY_PATH first.
        for (String name : pinned.build().load()) {
          companions.add(
              NativeLibrary.getInstance(pinned.directory().resolve(name).toString(), OPEN_APART));
        }
      }
      api = Native.load(file.toString(), LlamaApi.class, OPEN_APART);
      library = NativeLibrary.getInstance(file.toString(), OPEN_APART);
    } catch (UnsatisfiedLinkError e) {
      throw new EngineUnavailableException(
          "model.library = "
              + file
              + " can't be loaded: "
              + e.getMessage()
              + "; "
              + (pinned == null
                  ? "on Debian and Ubuntu the one that ships needs the packages libgomp1 and"
                      + " libstdc++6"
                  : "it needs " + pinned.build().needs()),
          e);
    }
    layout = checked(file, library);
    log = LlamaLog.callback();
    api.llama_log_set(log, Pointer.NULL);
    if (layout.cells() == KvCells.Api.SELF) {
      build = layout.name();
      usesAvx512 = false;
    } else if (pinned == null) {
      loadBackends(file, library);
      build = "llama.cpp " + layout.name() + " (" + layout.identity().text() + ")";
      usesAvx512 = false;
    } else {
      String variant = CpuVariants.loadBest(library, pinned);
      build = pinned.build().title() + ", cpu " + variant;
      usesAvx512 = CpuVariants.usesAvx512(variant);
    }
    api.llama_backend_init();
    LOG.info("event=native-library-loaded build=\"{}\" file={}", build, file);
  }

  /**
   * Loads what the setting {@code model.library} asks for.
   *
   * @throws EngineUnavailableException if it is missing, can't be loaded, or has an unknown layout
   */
  static LlamaLibrary load(String setting) {
    return LibraryChoice.of(setting).library();
  }

  /** Loads a library that is there, or returns it if this JVM has loaded it before. */
  static LlamaLibrary at(Path file, @Nullable InstalledBuild pinned) {
    synchronized (LOADED) {
      LlamaLibrary library = LOADED.get(file);
      if (library == null) {
        requireAlone(file);
        library = new LlamaLibrary(file, pinned);
        LOADED.put(file, library);
      }
      return library;
    }
  }

  /** Whether this JVM has loaded the library of this path. */
  static boolean loaded(Path file) {
    synchronized (LOADED) {
      return LOADED.containsKey(file);
    }
  }

  /**
   * Builds in several files find each other by file name, so two of them in one process would get
   * mixed up. One beside the build that ships, which is a single file, is safe.
   */
  private static void requireAlone(Path file) {
    for (Map.Entry<Path, LlamaLibrary> other : LOADED.entrySet()) {
      if (other.getValue().layout.cells() == KvCells.Api.MEMORY
          && !file.getFileName().equals(ShippedLibrary.fileName())) {
        throw new EngineUnavailableException(
            "model.library = "
                + file
                + " can't be loaded beside "
                + other.getKey()
                + " in one process; use one of them, or start another process");
      }
    }
  }

  LlamaApi api() {
    return api;
  }

  NativeLayout layout() {
    return layout;
  }

  /** Which build it is, as it goes into the provenance of results. */
  String build() {
    return build;
  }

  /**
   * Whether attention is faster as flash attention. It always is for published models: it passes
   * over the cells of other sequences, and without it every token pays for all cells in use. But
   * kernels of AVX-512 take what is over of narrow heads number by number, which made the small
   * model of the demo a third as fast.
   */
  boolean flashAttentionPays(Hyperparameters shape) {
    return flashAttentionPays(usesAvx512, shape);
  }

  static boolean flashAttentionPays(boolean usesAvx512, Hyperparameters shape) {
    return !usesAvx512 || !shape.hasNarrowHeads();
  }

  /** Why models of a family can't run with this build, and what to do; empty if they can. */
  Optional<String> unsupported(Architecture architecture) {
    return unsupported(layout, build, architecture);
  }

  static Optional<String> unsupported(
      NativeLayout layout, String build, Architecture architecture) {
    if (layout.architectures().contains(architecture)) {
      return Optional.empty();
    }
    String remedy =
        PinnedBuild.all().stream()
            .filter(
                known ->
                    known.forThisPlatform()
                        && NativeLayout.named(known.layout())
                            .architectures()
                            .contains(architecture))
            .findFirst()
            .map(
                known ->
                    "run 'kaiseki native add "
                        + known.name()
                        + "' ("
                        + known.title()
                        + ") and leave model.library at auto")
            .orElse("no build that is known for this platform does");
    return Optional.of(
        "is of the family " + architecture.id() + ", which " + build + " does not know; " + remedy);
  }

  private NativeLayout checked(Path file, NativeLibrary library) {
    Identity identity =
        identity(library)
            .orElseThrow(
                () ->
                    unknown(
                        file,
                        "it tells neither a build number (LLAMA_BUILD_NUMBER) nor a version"
                            + " (llama_version)"));
    NativeLayout candidate =
        NativeLayout.of(identity)
            .orElseThrow(() -> unknown(file, "found build " + identity.text()));
    List<String> differences =
        candidate.differences(
            littleEndian(api.llama_model_default_params()),
            littleEndian(api.llama_context_default_params()));
    if (!differences.isEmpty()) {
      throw unknown(
          file,
          "build " + identity.text() + " has another layout: " + String.join("; ", differences));
    }
    return candidate;
  }

  private static Optional<Identity> identity(NativeLibrary library) {
    try {
      int number = library.getGlobalVariableAddress("LLAMA_BUILD_NUMBER").getInt(0);
      return Optional.of(new Identity("b" + number));
    } catch (UnsatisfiedLinkError withoutNumber) {
      try {
        return Optional.of(
            new Identity(text(library, "llama_version") + " " + text(library, "ggml_commit")));
      } catch (UnsatisfiedLinkError withoutVersion) {
        return Optional.empty();
      }
    }
  }

  private static String text(NativeLibrary library, String function) {
    return utf8(library.getFunction(function).invokePointer(new Object[0]));
  }

  /** Loads what computes, which such a build keeps in libraries of its own. */
  private static void loadBackends(Path file, NativeLibrary library) {
    library
        .getFunction("ggml_backend_load_all_from_path")
        .invokeVoid(new Object[] {String.valueOf(file.getParent())});
    if (library.getFunction("ggml_backend_dev_count").invokeLong(new Object[0]) == 0) {
      throw new EngineUnavailableException(
          "model.library = "
              + file
              + ": its directory holds no backend (libggml-cpu-*.so) that runs on this machine");
    }
  }

  private static EngineUnavailableException unknown(Path file, String found) {
    return new EngineUnavailableException(
        "model.library = "
            + file
            + ": "
            + found
            + "; its parameter structs are known for "
            + NativeLayout.knownIdentities()
            + " only, and another build could corrupt memory");
  }

  static ByteBuffer littleEndian(LlamaApi.Parameters parameters) {
    return ByteBuffer.wrap(parameters.bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  static String utf8(Pointer text) {
    return text.getString(0, StandardCharsets.UTF_8.name());
  }
}
