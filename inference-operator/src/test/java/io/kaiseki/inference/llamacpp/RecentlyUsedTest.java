package io.kaiseki.inference.llamacpp;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RecentlyUsedTest {

  private final Set<String> inUse = new HashSet<>();

  @Test
  void what_was_not_used_for_longest_is_forgotten_first() {
    RecentlyUsed<Integer, String> map = map(2, 100);
    map.keep(1, "one");
    map.keep(2, "two");
    map.get(1);

    map.keep(3, "three");

    assertThat(map.get(1)).isEqualTo("one");
    assertThat(map.get(2)).isNull();
    assertThat(map.get(3)).isEqualTo("three");
  }

  @Test
  void as_many_are_forgotten_as_the_newest_outweighs() {
    RecentlyUsed<Integer, String> map = map(100, 10);
    map.keep(1, "1234");
    map.keep(2, "1234");

    map.keep(3, "123456789");

    assertThat(map.size()).isEqualTo(1);
    assertThat(map.get(3)).isEqualTo("123456789");
    map.keep(4, "1");
    assertThat(map.size()).isEqualTo(2);
  }

  @Test
  void what_is_in_use_stays_and_goes_later() {
    RecentlyUsed<Integer, String> map = map(1, 100);
    inUse.add("one");
    map.keep(1, "one");

    map.keep(2, "two");

    assertThat(map.size()).as("more than the bound, for now").isEqualTo(2);
    inUse.clear();
    map.keep(3, "three");
    assertThat(map.size()).isEqualTo(1);
    assertThat(map.get(3)).isEqualTo("three");
  }

  @Test
  void the_first_of_two_values_for_a_key_is_kept() {
    RecentlyUsed<Integer, String> map = map(2, 100);

    assertThat(map.keep(1, "first")).isEqualTo("first");
    assertThat(map.keep(1, "second")).isEqualTo("first");
    assertThat(map.get(1)).isEqualTo("first");
  }

  @Test
  void what_is_forgotten_weighs_no_more_and_what_has_taken_its_place_stays() {
    RecentlyUsed<Integer, String> map = map(100, 10);
    map.keep(1, "12345678");

    map.forget(1, "another");
    assertThat(map.get(1)).isEqualTo("12345678");
    map.forget(1, "12345678");

    assertThat(map.get(1)).isNull();
    map.keep(2, "12345");
    map.keep(3, "12345");
    assertThat(map.size()).isEqualTo(2);
  }

  private RecentlyUsed<Integer, String> map(int entries, long weight) {
    return new RecentlyUsed<>(entries, weight, String::length, inUse::contains);
  }
}
