package io.kaiseki.inference.gguf;

import io.kaiseki.inference.gguf.InvalidModelFileException.Remedy;
import io.kaiseki.inference.gguf.Vocabulary.SpecialToken;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * Reads the tokenizer of a file. The arrays are streamed: a vocabulary of 152,000 tokens costs a
 * few megabytes for a moment. What is checked here ends the process in llama.cpp when it doesn't
 * hold (two equal tokens, arrays of unequal length) or silently drops text (a byte without a
 * token).
 */
final class VocabularyReader {

  private static final String PREFIX = "tokenizer.ggml.";
  private static final String MODEL = PREFIX + "model";
  private static final String TOKENS = PREFIX + "tokens";
  private static final String TYPES = PREFIX + "token_type";
  private static final String SCORES = PREFIX + "scores";
  private static final String MERGES = PREFIX + "merges";
  private static final String BEGIN = PREFIX + "bos_token_id";
  private static final String END = PREFIX + "eos_token_id";
  private static final List<String> OTHER_IDS =
      List.of(PREFIX + "eot_token_id", PREFIX + "eom_token_id", PREFIX + "padding_token_id");

  private static final int MAX_TOKENS = 1 << 20;
  private static final int MAX_TOKEN_BYTES = 4096;
  private static final int MAX_SPECIAL_CHARACTERS = 1 << 20;
  private static final int BYTES = 256;

  private final GgufCursor in;
  private final MetadataLookup metadata;

  private VocabularyReader(GgufCursor in, MetadataLookup metadata) {
    this.in = in;
    this.metadata = metadata;
  }

  /**
   * @throws InvalidModelFileException if the tokenizer is of another kind or contradicts itself
   */
  static Vocabulary read(GgufCursor in, MetadataLookup metadata) {
    return new VocabularyReader(in, metadata).read();
  }

  /**
   * Tokens and merges of a file that has passed the preflight.
   *
   * @throws InvalidModelFileException if it can't be read any more
   */
  static TokenTable content(ModelFile model) {
    try (FileChannel channel = FileChannel.open(model.path(), StandardOpenOption.READ)) {
      GgufCursor in = new GgufCursor(channel, model.path().toString());
      VocabularyReader reader =
          new VocabularyReader(in, new MetadataLookup(in.file(), model.header().metadata()));
      return new TokenTable(
          reader.texts(TOKENS, MAX_TOKEN_BYTES),
          List.of(reader.types(model.vocabulary().size())),
          reader.texts(MERGES, 2 * MAX_TOKEN_BYTES));
    } catch (IOException e) {
      throw new InvalidModelFileException(
          model.path().toString(), "cannot be read: " + e, Remedy.CHECK_PATH, e);
    }
  }

  private List<String> texts(String key, int limit) {
    MetadataValue.Elements elements = elements(key, MetadataType.STRING);
    in.seek(elements.position());
    List<String> texts = new ArrayList<>(elements.count());
    for (int i = 0; i < elements.count(); i++) {
      texts.add(in.text(key, limit));
    }
    return texts;
  }

  private Vocabulary read() {
    String model = metadata.required(MODEL, metadata.text(MODEL));
    if (!model.equals("gpt2")) {
      throw metadata.unsupported(
          "%s is '%s', expected 'gpt2' (byte-level BPE)".formatted(MODEL, model));
    }
    MetadataValue.Elements tokens = elements(TOKENS, MetadataType.STRING);
    int size = tokens.count();
    if (size < BYTES || size > MAX_TOKENS) {
      throw metadata.damaged(
          "%s has %,d tokens, expected %,d to %,d".formatted(TOKENS, size, BYTES, MAX_TOKENS));
    }
    requireLength(metadata.required(TYPES, metadata.elements(TYPES, MetadataType.INT32)), size);
    metadata.elements(SCORES, MetadataType.FLOAT32).ifPresent(e -> requireLength(e, size));
    OTHER_IDS.forEach(key -> metadata.uint32(key).ifPresent(id -> tokenId(key, id, size)));
    metadata.flag(PREFIX + "add_eos_token");
    Scan scan = new Scan(types(size));
    in.seek(tokens.position());
    for (int id = 0; id < size; id++) {
      in.element(id);
      scan.token(id);
    }
    in.element(-1);
    scan.requireAllBytes();
    return new Vocabulary(
        size,
        merges(),
        metadata.text(PREFIX + "pre").orElse(""),
        requiredId(BEGIN, size),
        requiredId(END, size),
        metadata.flag(PREFIX + "add_bos_token").orElse(false),
        scan.typeCounts(),
        scan.special,
        scan.markers);
  }

  private MetadataValue.Elements elements(String key, MetadataType type) {
    return metadata.required(key, metadata.elements(key, type));
  }

  private void requireLength(MetadataValue.Elements elements, int size) {
    if (elements.count() != size) {
      throw metadata.damaged(
          "an array of %,d elements belongs to the %,d tokens; expected equal lengths of %s, %s and"
                  .formatted(elements.count(), size, TOKENS, TYPES)
              + " "
              + SCORES);
    }
  }

  private int requiredId(String key, int size) {
    return tokenId(key, metadata.required(key, metadata.uint32(key)), size);
  }

  private int tokenId(String key, long id, int size) {
    if (id >= size) {
      throw metadata.damaged("%s is %,d, expected 0 to %,d".formatted(key, id, size - 1));
    }
    return (int) id;
  }

  private TokenType[] types(int size) {
    in.seek(elements(TYPES, MetadataType.INT32).position());
    TokenType[] known = TokenType.values();
    TokenType[] types = new TokenType[size];
    for (int id = 0; id < size; id++) {
      int type = in.int32(TYPES);
      // A byte-level vocabulary has no BYTE tokens; llama.cpp parses their text as <0xNN> and ends.
      if (type < 0 || type >= known.length || known[type] == TokenType.BYTE) {
        throw in.damaged("token %,d is of the type %d, expected 0 to 5".formatted(id, type));
      }
      types[id] = known[type];
    }
    return types;
  }

  private int merges() {
    MetadataValue.Elements merges = elements(MERGES, MetadataType.STRING);
    in.seek(merges.position());
    for (int i = 0; i < merges.count(); i++) {
      in.element(i);
      String merge = in.text(MERGES, 2 * MAX_TOKEN_BYTES);
      int space = merge.indexOf(' ', 1);
      if (space < 0 || space == merge.length() - 1) {
        throw in.damaged(
            "merge %,d is '%s', expected two parts with a space between".formatted(i, merge));
      }
    }
    in.element(-1);
    return merges.count();
  }

  /** One pass over the tokens. */
  private final class Scan {

    private final TokenType[] types;
    private final DigestSet seen;
    private final BitSet bytes = new BitSet(BYTES);
    private final List<SpecialToken> special = new ArrayList<>();
    private final Map<R1Marker, SpecialToken> markers = new EnumMap<>(R1Marker.class);
    private int specialCharacters;

    Scan(TokenType[] types) {
      this.types = types;
      this.seen = new DigestSet(types.length);
    }

    void token(int id) {
      String text = in.text(TOKENS, MAX_TOKEN_BYTES);
      if (text.isEmpty()) {
        throw in.damaged("token " + id + " is empty");
      }
      if (!seen.add(text)) {
        throw in.damaged(
            "token %,d '%s' occurs twice; llama.cpp ends the process on it".formatted(id, text));
      }
      if (text.length() == 1) {
        ByteLevelAlphabet.byteOf(text.charAt(0)).ifPresent(bytes::set);
      }
      SpecialToken token = new SpecialToken(id, text, types[id]);
      R1Marker.withText(text).ifPresent(marker -> markers.put(marker, token));
      if (types[id] == TokenType.CONTROL || types[id] == TokenType.USER_DEFINED) {
        specialCharacters += text.length();
        if (specialCharacters > MAX_SPECIAL_CHARACTERS) {
          throw in.damaged(
              "its special tokens have more than %,d characters".formatted(MAX_SPECIAL_CHARACTERS));
        }
        special.add(token);
      }
    }

    void requireAllBytes() {
      int missing = bytes.nextClearBit(0);
      if (missing < BYTES) {
        throw in.damaged(
            "its vocabulary has no token for the byte 0x%02X ('%s')"
                .formatted(missing, ByteLevelAlphabet.symbol(missing)));
      }
    }

    Map<TokenType, Integer> typeCounts() {
      Map<TokenType, Integer> counts = new EnumMap<>(TokenType.class);
      for (TokenType type : types) {
        counts.merge(type, 1, Integer::sum);
      }
      return counts;
    }
  }
}
