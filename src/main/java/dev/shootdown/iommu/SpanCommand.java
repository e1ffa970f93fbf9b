package dev.shootdown.iommu;

/** A command that covers what its address and S bit say. */
public interface SpanCommand extends Command {
    PageSpan span();

    @Override
    default Long start() {
        return span().start();
    }

    @Override
    default Long end() {
        return span().end();
    }
}
