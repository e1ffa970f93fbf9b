package dev.shootdown.js;

import dev.shootdown.lang.Place;
import dev.shootdown.lang.word.Verb;
import dev.shootdown.trace.Address;
import java.util.List;

/** Has calls carried out at once. */
final class Live implements Voice {
    private final Api api;

    Live(Api api) {
        this.api = api;
    }

    @Override
    public Object perform(String actor, Verb verb, List<String> arguments, Manner manner) {
        Conversation conversation = api.conversation();
        String statement = Voice.statement(actor, verb, arguments, manner);
        if (verb.maps() || manner.name() != null) {
            String name = manner.name() == null ? api.fresh("map") : manner.name();
            conversation.say("let " + name + " = " + statement);
            Place place = conversation.place(process(actor), name).orElse(null);
            return verb.maps() ? new MappingThing(api, this, name, place) : result(conversation.ear().result(actor));
        }
        conversation.say(statement);
        return api.child(verb, arguments).orElseGet(() -> result(conversation.ear().result(actor)));
    }

    private static String process(String actor) {
        int dot = actor.indexOf('.');
        return dot < 0 ? actor : actor.substring(0, dot);
    }

    private Object result(Object returned) {
        return switch (returned) {
            case null -> api.undefined();
            case Address address -> api.sandbox().bigint(address.value());
            case Long number -> api.sandbox().number(number);
            default -> returned.toString();
        };
    }

    @Override
    public Object ask(String expression) {
        return api.value(api.conversation().ask(expression));
    }
}
