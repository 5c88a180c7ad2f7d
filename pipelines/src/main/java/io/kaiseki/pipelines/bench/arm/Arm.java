package io.kaiseki.pipelines.bench.arm;

import io.kaiseki.inference.Lane;
import io.kaiseki.pipelines.bench.workload.Workload;

/**
 * One way to have documents analysed. All calls come from the bench's thread, one at a time; an arm
 * computes nothing while no call is under way, so that the others have the machine to themselves.
 */
public interface Arm extends AutoCloseable {

  /**
   * The class of service of every document of every arm. Live ones may use a quarter more sequences
   * than there are slots, and do not wait to be read together, so an arm that sent them as such
   * would not compare with the others.
   */
  Lane LANE = Lane.BACKFILL;

  /** What it is, such as {@code engine}; the same for all its numbers of slots. */
  ArmKind kind();

  /** Documents that it works on at the same time. */
  int slots();

  /**
   * Analyses every document of a workload once. Loading and warming up happen before the clock
   * starts.
   *
   * @throws ArmFailedException if it can't; the message says why
   * @throws java.util.concurrent.CancellationException if a stop was requested; nothing counts then
   */
  Pass run(Workload workload, PassProgress progress);

  /** Ends everything that it has started, processes too. Idempotent. */
  @Override
  void close();
}
