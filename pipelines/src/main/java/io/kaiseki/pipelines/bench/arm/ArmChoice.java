package io.kaiseki.pipelines.bench.arm;

import java.util.List;

/**
 * An arm and the numbers of slots at which it is measured.
 *
 * @param slots ascending; of an arm that has no slots, 1
 */
public record ArmChoice(ArmKind kind, List<Integer> slots) {

  public ArmChoice {
    slots = kind.severalSlots() ? slots.stream().distinct().sorted().toList() : List.of(1);
  }

  /** All of these arms at all of these numbers of slots. */
  public static List<ArmChoice> all(List<ArmKind> kinds, List<Integer> slots) {
    return kinds.stream().map(kind -> new ArmChoice(kind, slots)).toList();
  }
}
