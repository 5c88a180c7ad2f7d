package io.kaiseki.inference.gguf;

/**
 * A model file must not reach native code: it is missing, damaged, hostile or of a kind that isn't
 * supported. The message names the file, what is wrong with it and what to do. Trying again does
 * not help.
 */
public final class InvalidModelFileException extends RuntimeException {

  private static final int LONGEST = 500;

  InvalidModelFileException(String file, String problem, Remedy remedy) {
    super("model file " + file + ": " + printable(problem) + "; " + remedy.text);
  }

  InvalidModelFileException(String file, String problem, Remedy remedy, Throwable cause) {
    super("model file " + file + ": " + printable(problem) + "; " + remedy.text, cause);
  }

  /** Names in a problem come from the file: neither control characters nor a flood get out. */
  private static String printable(String problem) {
    String visible = problem.replaceAll("[\\p{Cntrl}\\p{Cf}]", "?");
    return visible.length() <= LONGEST ? visible : visible.substring(0, LONGEST) + "...";
  }

  /** What the reader of the message can do about it. */
  enum Remedy {
    CHECK_PATH("check the path and its permissions"),
    DOWNLOAD_AGAIN(
        "the file is incomplete, damaged or not made for llama.cpp: download it again and pin its"
            + " SHA-256"),
    CONVERT_AGAIN("convert the model again with a current llama.cpp, or download a newer file"),
    MERGE_SPLITS("merge the parts first: llama-gguf-split --merge FIRST_PART MERGED"),
    CHOOSE_ANOTHER_MODEL(
        "choose a dense model of the families "
            + Architecture.ids()
            + " with a byte-level BPE tokenizer, such as DeepSeek-R1-Distill-Qwen or -Llama"),
    CHOOSE_ANOTHER_QUANTISATION(
        "download another quantisation of the model, such as Q4_K_M, Q8_0 or Q4_0"),
    CHECK_PIN(
        "download the file again, or correct the pinned SHA-256 if the file is meant to be new");

    private final String text;

    Remedy(String text) {
      this.text = text;
    }
  }
}
