package dev.shootdown.sim;

/**
 * The spans that keys and values of a {@link Table} stand for, and the room between them: a search tree in which each node
 * knows the largest gap below it, as vm_area_struct's rbtree did (rb_subtree_gap) and the maple tree does. A search for room
 * goes into no part of the tree that has none, so that it looks at about as many nodes as the tree is deep. Its shape follows
 * from the spans alone, in whatever order they came: where a node stands depends on a number mixed from its start.
 */
final class Gaps {
    static final long NONE = -1;

    /** One span, with what is known of all spans below it in the tree. */
    private static final class Node {
        final long start;
        final long rank;
        long end;
        Node left;
        Node right;
        /** Where the lowest one starts. */
        long first;
        /** Where the highest one ends. */
        long last;
        /** The largest gap between two of them. */
        long room;

        Node(long start, long end) {
            this.start = start;
            this.rank = Hash.mix(start);
            this.end = end;
            learn();
        }

        Node learn() {
            first = left == null ? start : left.first;
            last = right == null ? end : right.last;
            long below = left == null ? 0 : Math.max(left.room, start - left.last);
            long above = right == null ? 0 : Math.max(right.room, right.first - end);
            room = Math.max(below, above);
            return this;
        }
    }

    private Node root;

    /** Adds a span, or lets the one that starts there end elsewhere. */
    void put(long start, long end) {
        root = put(root, start, end);
    }

    private static Node put(Node node, long start, long end) {
        if (node == null) {
            return new Node(start, end);
        }
        if (start == node.start) {
            node.end = end;
            return node.learn();
        }
        if (start < node.start) {
            node.left = put(node.left, start, end);
            return node.left.rank > node.rank ? rotateRight(node) : node.learn();
        }
        node.right = put(node.right, start, end);
        return node.right.rank > node.rank ? rotateLeft(node) : node.learn();
    }

    private static Node rotateRight(Node node) {
        Node up = node.left;
        node.left = up.right;
        up.right = node.learn();
        return up.learn();
    }

    private static Node rotateLeft(Node node) {
        Node up = node.right;
        node.right = up.left;
        up.left = node.learn();
        return up.learn();
    }

    /** Takes away the span that starts there, if there is one. */
    void remove(long start) {
        root = remove(root, start);
    }

    private static Node remove(Node node, long start) {
        if (node == null) {
            return null;
        }
        if (start == node.start) {
            return join(node.left, node.right);
        }
        if (start < node.start) {
            node.left = remove(node.left, start);
        } else {
            node.right = remove(node.right, start);
        }
        return node.learn();
    }

    /** Two trees become one; all spans of the first lie below those of the second. */
    private static Node join(Node below, Node above) {
        if (below == null || above == null) {
            return below == null ? above : below;
        }
        if (below.rank > above.rank) {
            below.right = join(below.right, above);
            return below.learn();
        }
        above.left = join(below, above.left);
        return above.learn();
    }

    void clear() {
        root = null;
    }

    /** Where the highest gap of a length in [low, high) ends, or {@link #NONE}. */
    long highest(long low, long high, long length) {
        return new Search(length).highest(root, low, high);
    }

    /** Where the lowest gap of a length in [low, high) starts, or {@link #NONE}. */
    long lowest(long low, long high, long length) {
        return new Search(length).lowest(root, low, high);
    }

    /** How many nodes are looked at to find the highest gap. */
    int looked(long low, long high, long length) {
        Search search = new Search(length);
        search.highest(root, low, high);
        return search.looked;
    }

    /** A search for room of a length. */
    private static final class Search {
        private final long length;
        private int looked;

        Search(long length) {
            this.length = length;
        }

        /** @param low the end of what lies below the tree, or of the range; high in the same way */
        long highest(Node node, long low, long high) {
            looked++;
            if (high - low < length) {
                return NONE;
            }
            if (node == null || node.first >= high || node.last <= low) {
                return high;
            }
            if (full(node, low, high)) {
                return NONE;
            }
            long above = highest(node.right, Math.max(low, node.end), high);
            return above != NONE ? above : highest(node.left, low, Math.min(high, node.start));
        }

        long lowest(Node node, long low, long high) {
            looked++;
            if (high - low < length) {
                return NONE;
            }
            if (node == null || node.first >= high || node.last <= low) {
                return low;
            }
            if (full(node, low, high)) {
                return NONE;
            }
            long below = lowest(node.left, low, Math.min(high, node.start));
            return below != NONE ? below : lowest(node.right, Math.max(low, node.end), high);
        }

        /** Whether there is nowhere room between the spans of a tree and the borders on both sides of it. */
        private boolean full(Node node, long low, long high) {
            return node.room < length && node.first - low < length && high - node.last < length;
        }
    }
}
