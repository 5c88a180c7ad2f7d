package io.kaiseki.inference;

import java.io.Serializable;
import java.util.Objects;

/** A kind of value that is masked. */
public sealed interface MaskedValue extends Serializable {

  /** Name of the kind in lower case; its placeholders have it in upper case. */
  String kind();

  /** A kind that the product knows. */
  enum Known implements MaskedValue {
    /** E-mail addresses. */
    EMAIL,
    /** Phone numbers that are valid in their country. */
    PHONE,
    /** Payment card numbers of 13 to 19 digits with a valid check digit (ISO/IEC 7812, Luhn). */
    CARD,
    /** International bank account numbers with valid check digits (ISO 13616, modulo 97). */
    IBAN;

    @Override
    public String kind() {
      return switch (this) {
        case EMAIL -> "email";
        case PHONE -> "phone";
        case CARD -> "card";
        case IBAN -> "iban";
      };
    }
  }

  /**
   * What a regular expression of the user finds.
   *
   * @param kind lower-case letters, digits and hyphens
   * @param pattern in the syntax of RE2, which matches in time linear in the text
   */
  record Custom(String kind, String pattern) implements MaskedValue {
    public Custom {
      Objects.requireNonNull(kind, "kind");
      Objects.requireNonNull(pattern, "pattern");
    }
  }
}
