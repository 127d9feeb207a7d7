package io.weft.house;

/// One broken rule.
///
/// @param where class or file, as a person looks for it
/// @param what what is wrong, and what to do instead
record Violation(String where, String what) implements Comparable<Violation> {
  @Override
  public int compareTo(Violation other) {
    int byWhere = where.compareTo(other.where);
    return byWhere != 0 ? byWhere : what.compareTo(other.what);
  }

  @Override
  public String toString() {
    return where + ": " + what;
  }
}
