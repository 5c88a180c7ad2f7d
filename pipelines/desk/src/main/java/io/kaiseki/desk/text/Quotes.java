package io.kaiseki.desk.text;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Finds quoted words in a text. */
public final class Quotes {

  private Quotes() {}

  /**
   * A place in a text.
   *
   * @param field path of the field that quotes it, without indexes
   * @param start where it begins, in UTF-16 units, as Java and JavaScript count
   * @param end where it ends
   */
  public record Place(String field, int start, int end) {}

  /**
   * The first place of each quote that occurs in the text, in the order of the text.
   *
   * @param quotes the quoted words by field
   */
  public static List<Place> find(String text, Map<String, List<String>> quotes) {
    List<Place> places = new ArrayList<>();
    quotes.forEach(
        (field, words) -> {
          for (String quote : words) {
            int start = quote.isBlank() ? -1 : text.indexOf(quote);
            if (start >= 0) {
              places.add(new Place(field, start, start + quote.length()));
            }
          }
        });
    places.sort(
        (left, right) ->
            left.start() != right.start()
                ? Integer.compare(left.start(), right.start())
                : Integer.compare(right.end(), left.end()));
    return places;
  }
}
