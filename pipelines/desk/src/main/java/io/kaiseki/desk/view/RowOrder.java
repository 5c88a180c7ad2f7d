package io.kaiseki.desk.view;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;

/** Orders of a list. Each is total, so that a page can go on where another ended. */
public sealed interface RowOrder {

  /** The position of a row in this order. */
  Key key(Row row);

  /** What came last stands first. */
  record Newest() implements RowOrder {
    @Override
    public Key key(Row row) {
      return new Key(-row.at().toEpochMilli(), 0, row.id());
    }
  }

  /** What came first stands first. */
  record Oldest() implements RowOrder {
    @Override
    public Key key(Row row) {
      return new Key(row.at().toEpochMilli(), 0, row.id());
    }
  }

  /** What the model was least sure of stands first. */
  record Unsure() implements RowOrder {
    @Override
    public Key key(Row row) {
      return new Key(row.least(), row.at().toEpochMilli(), row.id());
    }
  }

  /**
   * By a closed field, its last value first, as in low, normal, high, urgent; among equals what has
   * waited longest.
   *
   * @param field the field
   * @param ranks the place of each value
   */
  record ByField(String field, Map<String, Integer> ranks) implements RowOrder {

    public ByField {
      ranks = Map.copyOf(ranks);
    }

    @Override
    public Key key(Row row) {
      String value = row.closed().get(field);
      int rank = value == null ? -1 : ranks.getOrDefault(value, -1);
      return new Key(-rank, row.at().toEpochMilli(), row.id());
    }
  }

  /**
   * A position.
   *
   * @param first what counts most, small ones first
   * @param second what counts then
   * @param id what counts last
   */
  record Key(double first, double second, String id) implements Comparable<Key> {

    private static final Comparator<Key> ORDER =
        Comparator.comparingDouble(Key::first)
            .thenComparingDouble(Key::second)
            .thenComparing(Key::id);

    @Override
    public int compareTo(Key other) {
      return ORDER.compare(this, other);
    }

    /** As text for an address. */
    public String cursor() {
      String plain = first + " " + second + " " + id;
      return Base64.getUrlEncoder()
          .withoutPadding()
          .encodeToString(plain.getBytes(StandardCharsets.UTF_8));
    }

    /** Reads {@link #cursor}; empty for any other text. */
    public static Optional<Key> parse(String cursor) {
      try {
        String plain = new String(Base64.getUrlDecoder().decode(cursor), StandardCharsets.UTF_8);
        String[] parts = plain.split(" ", 3);
        return parts.length == 3
            ? Optional.of(
                new Key(Double.parseDouble(parts[0]), Double.parseDouble(parts[1]), parts[2]))
            : Optional.empty();
      } catch (IllegalArgumentException e) {
        return Optional.empty();
      }
    }
  }
}
