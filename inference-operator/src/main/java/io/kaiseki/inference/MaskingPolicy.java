package io.kaiseki.inference;

import java.io.Serializable;
import java.util.List;
import java.util.Objects;

/**
 * Which personal data the model shall not see. Each value that is found is replaced by a
 * placeholder such as {@code [EMAIL-1]}; the same value has the same placeholder within a document.
 *
 * @param values what is looked for; none masks nothing
 * @param phoneRegion ISO 3166 code of the country, such as {@code DE}, whose phone numbers are
 *     found when they are written without a country code; empty finds those with one only
 * @param unmaskQuotes whether quotes in answers hold the document's own words again; everything
 *     else in an answer keeps the placeholders
 */
public record MaskingPolicy(List<MaskedValue> values, String phoneRegion, boolean unmaskQuotes)
    implements Serializable {

  /** Masks nothing. */
  public static final MaskingPolicy NONE = new MaskingPolicy(List.of(), "", false);

  public MaskingPolicy {
    values = List.copyOf(values);
    Objects.requireNonNull(phoneRegion, "phoneRegion");
  }

  /** Whether there is anything to look for. */
  public boolean active() {
    return !values.isEmpty();
  }
}
