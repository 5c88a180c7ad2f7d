package io.kaiseki.inference.privacy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kaiseki.inference.MaskedValue;
import io.kaiseki.inference.MaskedValue.Known;
import io.kaiseki.inference.MaskingPolicy;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MaskerTest {

  private static final MaskedValue CUSTOMER = new MaskedValue.Custom("customer", "C-[0-9]{4}");

  @ParameterizedTest
  @ValueSource(
      strings = {
        "anna@example.org",
        "a.b+tag@mail.example.co.uk",
        "o'hara_7@sub-domain.example.com",
        "jörg@müller.example",
        "jo\u0308rg@mu\u0308ller.example",
        "संपर्क@डाटामेल.भारत",
        "用户@例子.广告",
        "smith&sons@example.org",
        "a!#$%&'*+-/=?^_`{|}~b@example.org",
        "o!@example.org",
        "x@xn--p1ai.xn--p1ai"
      })
  void e_mail_addresses_are_masked(String address) {
    assertThat(masked("Write to " + address + ", please.", Known.EMAIL))
        .isEqualTo("Write to [EMAIL-1], please.");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "anna at example.org",
        "@handle",
        "$@args.each",
        "a@b",
        "user@localhost",
        "3 @ 4.50"
      })
  void what_only_looks_like_an_address_is_not(String text) {
    assertThat(masked(text, Known.EMAIL)).isEqualTo(text);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "4111111111111111",
        "4111 1111 1111 1111",
        "4111-1111-1111-1111",
        "5555\u00A05555\u00A05555\u00A04444",
        "3782 822463 10005",
        "6011000990139424",
        "4111\u20101111\u20101111\u20101111",
        "4111\u20111111\u20111111\u20111111",
        "4111\u20131111\u20131111\u20131111",
        "４１１１ １１１１ １１１１ １１１１",
        "４１１１\u3000１１１１\uFF0D１１１１\uFF0D１１１１"
      })
  void cards_with_a_valid_check_digit_are_masked(String card) {
    assertThat(masked("Card " + card + ".", Known.CARD)).isEqualTo("Card [CARD-1].");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "4111111111111112",
        "4111 1111 1111 1121",
        "0000000000000000",
        "41111111",
        "41111111111111111111111111",
        "2026-11-24 12:00:00"
      })
  void numbers_that_are_no_card_stay(String number) {
    assertThat(masked("No. " + number + ".", Known.CARD)).isEqualTo("No. " + number + ".");
  }

  @Test
  void a_number_that_passes_by_chance_leaves_nothing_visible_of_the_card_that_it_runs_into() {
    assertThat(masked("2010 4111 1111 1111 1111.", Known.CARD)).isEqualTo("[CARD-1].");
    assertThat(masked("On 2010-4111-1111-1111-1111", Known.CARD)).doesNotContain("1111");
  }

  @Test
  void a_card_behind_groups_of_other_digits_is_masked_to_its_end() {
    int[][] forms = {{4, 4, 4, 4}, {4, 6, 5}, {4, 6, 4}, {4, 4, 4, 4, 3}, {16}};
    for (int seed = 0; seed < 5_000; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      StringBuilder text = new StringBuilder();
      // Fewer digits than a card has, so that none of them is one without the card.
      for (int i = random.nextInt(1, 4); i > 0; i--) {
        text.append(digits(random, random.nextInt(3, 5))).append(' ');
      }
      String card = card(random, forms[random.nextInt(forms.length)]);

      assertThat(masked(text + card + " it was", Known.CARD))
          .as("seed " + seed + ": " + text + card)
          .matches("(?:[0-9]{3,4} )*\\[CARD-1] it was");
    }
  }

  @Test
  void a_card_has_one_placeholder_in_digits_of_any_width() {
    assertThat(masked("4111 1111 1111 1111, ４１１１１１１１１１１１１１１１", Known.CARD))
        .isEqualTo("[CARD-1], [CARD-1]");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "DE89370400440532013000",
        "DE89 3704 0044 0532 0130 00",
        "GB82 WEST 1234 5698 7654 32",
        "gb82west12345698765432",
        "FR14 2004 1010 0505 0001 3M02 606",
        "NO93 8601 1117 947",
        "MT84 MALT 0110 0001 2345 MTLC AST0 01S"
      })
  void account_numbers_with_valid_check_digits_are_masked(String iban) {
    assertThat(masked("Pay to " + iban + ", thanks", Known.IBAN))
        .isEqualTo("Pay to [IBAN-1], thanks");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "DE88 3704 0044 0532 0130 00",
        "DE89",
        "AB12 and so on for quite some time",
        "XDE89370400440"
      })
  void numbers_that_are_no_account_stay(String number) {
    assertThat(masked("Pay to " + number + ".", Known.IBAN)).isEqualTo("Pay to " + number + ".");
  }

  @Test
  void an_account_number_ends_where_the_next_word_begins() {
    assertThat(masked("DE89 3704 0044 0532 0130 00 und danke", Known.IBAN))
        .isEqualTo("[IBAN-1] und danke");
  }

  @Test
  void phone_numbers_with_a_country_code_are_masked_and_those_of_the_region_without() {
    String text = "Call +44 20 7946 0958 or 030 901820, room 4711.";

    assertThat(mask(text, policy(false, "", Known.PHONE)).text())
        .isEqualTo("Call [PHONE-1] or 030 901820, room 4711.");
    assertThat(mask(text, policy(false, "DE", Known.PHONE)).text())
        .isEqualTo("Call [PHONE-1] or [PHONE-2], room 4711.");
  }

  @Test
  void one_value_has_one_placeholder_however_it_is_written() {
    String text = "DE89 3704 0044 0532 0130 00, GB82WEST12345698765432, DE89370400440532013000";

    MaskedText masked = mask(text, policy(false, "", Known.IBAN));

    assertThat(masked.text()).isEqualTo("[IBAN-1], [IBAN-2], [IBAN-1]");
    assertThat(masked.counts()).isEqualTo(Map.of("iban", 2));
  }

  @Test
  void an_address_has_one_placeholder_whatever_stands_around_it() {
    String text = "jörg@müller.example, *Jörg@Müller.example*, |jo\u0308rg@mu\u0308ller.example|";

    assertThat(masked(text, Known.EMAIL)).isEqualTo("[EMAIL-1], *[EMAIL-1]*, |[EMAIL-1]|");
  }

  @Test
  void a_long_list_of_addresses_takes_no_time_that_grows_with_its_square() {
    StringBuilder list = new StringBuilder("[EMAIL-7] stands here already.\n");
    for (int i = 0; i < 200_000; i++) {
      list.append("customer").append(i).append("@example.org\n");
    }

    String masked =
        org.junit.jupiter.api.Assertions.assertTimeoutPreemptively(
            Duration.ofSeconds(60), () -> masked(list.toString(), Known.EMAIL));

    assertThat(masked).doesNotContain("@").contains("[EMAIL-6]\n[EMAIL-8]\n");
  }

  @Test
  void a_country_whose_numbers_are_not_known_is_refused() {
    assertThatThrownBy(() -> Masker.of(new MaskingPolicy(List.of(Known.PHONE), "Germany", false)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("phone region Germany");
  }

  @Test
  void kinds_are_numbered_apart() {
    MaskedText masked =
        mask(
            "C-1234 is anna@example.org; C-9999 is bob@example.org",
            policy(false, "", Known.EMAIL, CUSTOMER));

    assertThat(masked.text()).isEqualTo("[CUSTOMER-1] is [EMAIL-1]; [CUSTOMER-2] is [EMAIL-2]");
    assertThat(masked.counts()).isEqualTo(Map.of("customer", 2, "email", 2));
  }

  @Test
  void of_overlapping_finds_nothing_stays_visible() {
    MaskedValue wide = new MaskedValue.Custom("wide", "id:[a-z]+@");

    assertThat(masked("see id:anna@example.org now", wide, Known.EMAIL))
        .isEqualTo("see [EMAIL-1] now");
    assertThat(masked("see id:anna@example.org now", Known.EMAIL, wide))
        .doesNotContain("anna", "id:", "example");
  }

  @Test
  void a_find_inside_of_another_is_part_of_it() {
    MaskedValue name = new MaskedValue.Custom("name", "anna");

    assertThat(masked("anna@example.org and anna", name, Known.EMAIL))
        .isEqualTo("[EMAIL-1] and [NAME-1]");
  }

  @Test
  void no_placeholder_is_one_that_stands_in_the_text_already() {
    assertThat(masked("[EMAIL-1] [EMAIL-3] a@example.org b@example.org", Known.EMAIL))
        .isEqualTo("[EMAIL-1] [EMAIL-3] [EMAIL-2] [EMAIL-4]");
  }

  @Test
  void text_beside_the_values_stays_as_it_is_whatever_it_is() {
    String odd = "👨‍👩‍👧 \uD800 \u0000 日本語 a@example.org é \uDC00";

    assertThat(masked(odd, Known.values())).isEqualTo(odd.replace("a@example.org", "[EMAIL-1]"));
  }

  @Test
  void a_text_without_values_is_the_same_and_counts_nothing() {
    MaskedText masked = mask("Nothing here.", policy(false, "", Known.values()));

    assertThat(masked.text()).isEqualTo("Nothing here.");
    assertThat(masked.counts()).isEmpty();
  }

  @Test
  void a_quote_is_unmasked_to_the_originals_own_words() {
    String text = "Mail anna@example.org or C-1234 or anna@example.org today";
    MaskedText masked = mask(text, policy(true, "", Known.EMAIL, CUSTOMER));

    assertThat(masked.unmasked("or [CUSTOMER-1] or [EMAIL-1]", 100))
        .isEqualTo("or C-1234 or anna@example.org");
    assertThat(masked.unmasked("Mail", 100)).isEqualTo("Mail");
    assertThat(masked.unmasked("today", 100)).isEqualTo("today");
  }

  @Test
  void a_quote_is_not_looked_for_inside_of_placeholders_where_it_stands_beside_them() {
    MaskedText masked = mask("C-1234 ordered 1 lamp, C-9999 ordered 2", policy(true, "", CUSTOMER));

    assertThat(masked.unmasked("1", 100)).isEqualTo("1");
    assertThat(masked.unmasked("2", 100)).isEqualTo("2");
    assertThat(masked.unmasked("CUSTOMER", 100)).as("only inside").isEqualTo("C-1234");
  }

  @Test
  void a_quote_that_ends_inside_of_a_placeholder_takes_the_whole_value() {
    MaskedText masked = mask("Mail anna@example.org today", policy(true, "", Known.EMAIL));

    assertThat(masked.unmasked("Mail [EMAIL", 100)).isEqualTo("Mail anna@example.org");
    assertThat(masked.unmasked("1] today", 100)).isEqualTo("anna@example.org today");
    assertThat(masked.unmasked("[EMAIL-1]", 100)).isEqualTo("anna@example.org");
  }

  @Test
  void an_unmasked_quote_that_is_too_long_is_cut_and_stays_a_quote() {
    MaskedText masked = mask("Mail anna@example.org today", policy(true, "", Known.EMAIL));

    assertThat(masked.unmasked("Mail [EMAIL-1]", 9)).isEqualTo("Mail anna");
  }

  @Test
  void every_quote_of_the_masked_text_unmasks_to_words_of_the_original() {
    String[] words = {
      "anna@example.org",
      "DE89 3704 0044 0532 0130 00",
      "4111 1111 1111 1111",
      "C-1234",
      "日本",
      "\n",
      "plain",
      "👍🏽",
      "[EMAIL-1]",
      " ",
      "C-9876"
    };
    for (int seed = 0; seed < 2_000; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      StringBuilder text = new StringBuilder();
      for (int i = random.nextInt(1, 12); i > 0; i--) {
        text.append(words[random.nextInt(words.length)]).append(random.nextBoolean() ? " " : ", ");
      }
      String original = text.toString();
      MaskedText masked =
          mask(original, policy(true, "", Known.EMAIL, Known.IBAN, Known.CARD, CUSTOMER));
      int start = random.nextInt(masked.text().length());
      int end = random.nextInt(start, masked.text().length()) + 1;

      String quote = masked.unmasked(masked.text().substring(start, end), 1_000);

      assertThat(original).as("seed " + seed).contains(quote);
      assertThat(masked.unmasked(masked.text(), 1_000)).as("seed " + seed).isEqualTo(original);
      assertThat(masked.text()).doesNotContain("anna", "3704", "4111", "C-1234");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"(a", "(?=x)", "(a)\\1", "[z-a]", "x{2000}"})
  void patterns_that_can_not_be_matched_in_linear_time_are_refused_with_the_reason(String pattern) {
    MaskedValue value = new MaskedValue.Custom("own", pattern);

    assertThat(Masker.problem(value))
        .hasValueSatisfying(problem -> assertThat(problem).contains("RE2"));
    assertThatThrownBy(() -> Masker.of(policy(false, "", value))).hasMessageContaining("own");
  }

  @Test
  void a_pattern_that_matches_nothing_at_all_is_refused() {
    assertThat(Masker.problem(new MaskedValue.Custom("own", "a*")))
        .hasValueSatisfying(problem -> assertThat(problem).contains("empty text"));
  }

  @Test
  void a_pattern_that_hangs_other_engines_is_done_at_once() {
    MaskedValue evil = new MaskedValue.Custom("evil", "(a+)+b");
    Masker masker = Masker.of(policy(false, "", evil));

    org.junit.jupiter.api.Assertions.assertTimeoutPreemptively(
        Duration.ofSeconds(60), () -> masker.mask("a".repeat(5_000)));
  }

  /** A number that passes the check, in groups of so many digits. */
  private static String card(SplittableRandom random, int[] form) {
    int length = Arrays.stream(form).sum();
    String digits = random.nextInt(2, 7) + digits(random, length - 2);
    int sum = 0;
    for (int i = 0; i < digits.length(); i++) {
      int digit = digits.charAt(digits.length() - 1 - i) - '0';
      int doubled = i % 2 == 0 ? digit * 2 : digit;
      sum += doubled > 9 ? doubled - 9 : doubled;
    }
    digits += (10 - sum % 10) % 10;
    StringBuilder card = new StringBuilder();
    int at = 0;
    for (int group : form) {
      card.append(at == 0 ? "" : " ").append(digits, at, at + group);
      at += group;
    }
    return card.toString();
  }

  private static String digits(SplittableRandom random, int count) {
    return random.ints(count, 0, 10).mapToObj(String::valueOf).collect(Collectors.joining());
  }

  private static String masked(String text, MaskedValue... values) {
    return mask(text, policy(false, "", values)).text();
  }

  private static MaskedText mask(String text, MaskingPolicy policy) {
    return Masker.of(policy).mask(text);
  }

  private static MaskingPolicy policy(boolean unmask, String region, MaskedValue... values) {
    return new MaskingPolicy(List.of(values), region, unmask);
  }
}
