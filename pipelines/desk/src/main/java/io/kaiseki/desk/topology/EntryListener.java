package io.kaiseki.desk.topology;

import io.kaiseki.desk.state.Entry;
import java.util.Iterator;

/**
 * Follows the entries of this instance. Called by the threads of the streams application, one
 * partition by one thread at a time.
 */
public interface EntryListener {

  /** A partition is here now, with all its entries; those that were known of it before are void. */
  void opened(int partition, Iterator<Entry> entries);

  /**
   * An entry is about to be new or to change. An exception leaves everything as it is.
   *
   * @return follows the change, once it is kept
   */
  Runnable changing(int partition, Entry entry);

  /** An entry is gone. */
  void removed(int partition, String id);

  /** The partition is no longer here. */
  void closed(int partition);
}
