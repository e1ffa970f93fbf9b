package dev.shootdown.js;

import java.util.List;

/** A thing of which only the name matters: a file, a driver. */
final class Named extends Thing {
    private final String sort;
    private final String name;

    Named(Api api, String sort, String name) {
        super(api);
        this.sort = sort;
        this.name = name;
    }

    @Override
    Object member(String member) {
        return member.equals("name") ? name : null;
    }

    @Override
    List<String> members() {
        return List.of("name");
    }

    @Override
    String phrase() {
        return sort + " " + name;
    }

    @Override
    public String spoken() {
        return name;
    }
}
