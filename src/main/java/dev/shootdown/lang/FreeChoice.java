package dev.shootdown.lang;

import dev.shootdown.lang.tree.Expression;

/** Whether an expression leaves a free choice. */
final class FreeChoice {
    private FreeChoice() {}

    static boolean in(Expression expression) {
        return switch (expression) {
            case Expression.Any any -> true;
            case Expression.Index index -> in(index.of()) || in(index.inside());
            case Expression.Between between -> in(between.start()) || in(between.end());
            case Expression.Extent extent -> extent.start().map(FreeChoice::in).orElse(false) || in(extent.length());
            case Expression.Member member -> in(member.of());
            case Expression.Call call -> call.arguments().stream().anyMatch(FreeChoice::in);
            case Expression.ListOf list -> list.elements().stream().anyMatch(FreeChoice::in);
            case Expression.Unary unary -> in(unary.operand());
            case Expression.Binary binary -> in(binary.left()) || in(binary.right());
            case Expression.Text text ->
                text.parts().stream().anyMatch(part -> part instanceof Expression.Interpolation inner && in(inner.value()));
            case Expression.Number number -> false;
            case Expression.Name name -> false;
            case Expression.Constants constants -> false;
            case Expression.Position position -> false;
        };
    }
}
