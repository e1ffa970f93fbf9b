/**
 * The words of the Shootdown language.
 *
 * Three things are decided here and not in the parser, so that the parser needs no predicates:
 * a newline inside ( ) or [ ] is hidden; a "(" that touches the name before it is a CALL, any other
 * a PARENTHESIS; a number carries its unit. What is no word at all becomes one of the tokens that
 * no rule of the parser accepts (BAD_NUMBER, BAD_ESCAPE, BAD_QUOTE, UNCLOSED_TEXT, BAD), so that every complaint
 * comes from one place.
 */
lexer grammar ShootdownLexer;

channels { COMMENTS, LAYOUT }

@members {
private int open;
private int lastType = Token.EOF;
private int lastStop = -1;

@Override
public void emit(Token token) {
    super.emit(token);
    if (token.getChannel() == Token.DEFAULT_CHANNEL) {
        lastType = token.getType();
        lastStop = token.getStopIndex();
    }
}

@Override
public void reset() {
    super.reset();
    open = 0;
    lastType = Token.EOF;
    lastStop = -1;
}

private void parenthesis() {
    open++;
    boolean named = lastType == ID || lastType == CONSTANT;
    if (named && lastStop == _tokenStartCharIndex - 1) {
        setType(CALL);
    }
}

private void close() {
    open = Math.max(0, open - 1);
}

/** A newline ends a statement, but not inside brackets. */
private void newline() {
    if (open > 0) {
        setChannel(LAYOUT);
    }
}

/** A closing brace ends a block, or the expression inside a text: that has no braces of its own. */
private void brace() {
    if (!_modeStack.isEmpty()) {
        setType(EXPRESSION_END);
        popMode();
    }
}
}

tokens { CALL, EXPRESSION_END }

SHEBANG : '#!' ~'\n'* {_tokenStartCharIndex == 0}? -> channel(COMMENTS) ;
LINE_COMMENT : '//' ~'\n'* -> channel(COMMENTS) ;
BLOCK_COMMENT : '/*' .*? ('*/' | EOF) -> channel(COMMENTS) ;
CONTINUATION : '\\' [ \t]* '\r'? '\n' -> channel(LAYOUT) ;
NEWLINE : '\r'? '\n' { newline(); } ;
SPACE : [ \r\t\f\uFEFF]+ -> skip ;

// Words that begin a statement.
MACHINE : 'machine' ;
IOMMU : 'iommu' ;
DEVICE : 'device' ;
PROCESS : 'process' ;
FILE : 'file' ;
DRIVER : 'driver' ;
BIND : 'bind' ;
UNBIND : 'unbind' ;
SCENARIO : 'scenario' ;
LET : 'let' ;
RACE : 'race' ;
REPEAT : 'repeat' ;
IF : 'if' ;
PRINT : 'print' ;
INCLUDE : 'include' ;
EITHER : 'either' ;
ON : 'on' ;
FORBID : 'forbid' ;
ALWAYS : 'always' ;
EXPECT : 'expect' ;
EXISTS : 'exists' ;
MAXIMUM : 'maximum' ;
MINIMUM : 'minimum' ;
WHY : 'why' ;

// Words in the middle of one.
BEHIND : 'behind' ;
TO : 'to' ;
FROM : 'from' ;
TRACE : 'trace' ;
OVERLAPS : 'overlaps' ;
IN : 'in' ;

// Words that are never the name of anything.
AT : 'at' ;
WHEN : 'when' ;
ELSE : 'else' ;
OR : 'or' ;
NOT : 'not' ;

CONSTANT : [A-Z] [A-Z0-9_]+ ;
ID : [A-Za-z_] [A-Za-z0-9_]* ;
// The one word of the language that begins no argument, asked about.
HELP_AT : 'help' [ \t]+ 'at' {!Character.isJavaIdentifierPart(_input.LA(1))}? -> type(ID) ;

NUMBER : DECIMAL ([KMGT] | 'p' | 'us' | 'ms')?
    | '0x' HEX ('_'* HEX)*
    | '0b' [01] ('_'* [01])*
    ;
BAD_NUMBER : [0-9] [0-9A-Za-z_]* ('.' [0-9] [0-9A-Za-z_]*)* ;
POSITION : '#' [0-9]+ ;

fragment DECIMAL : [0-9] ('_'* [0-9])* ;
fragment HEX : [0-9a-fA-F] ;

OPEN_BRACE : '{' ;
CLOSE_BRACE : '}' { brace(); } ;
PARENTHESIS : '(' { parenthesis(); } ;
CLOSE_PARENTHESIS : ')' { close(); } ;
OPEN_BRACKET : '[' { open++; } ;
CLOSE_BRACKET : ']' { close(); } ;

SEMICOLON : ';' ;
COLON : ':' ;
COMMA : ',' ;
RANGE : '..' ;
DOT : '.' ;
ADD_ASSIGN : '+=' ;
SUBTRACT_ASSIGN : '-=' ;
EQUAL : '==' ;
UNEQUAL : '!=' ;
LESS_OR_EQUAL : '<=' ;
GREATER_OR_EQUAL : '>=' ;
SHIFT_LEFT : '<<' ;
SHIFT_RIGHT : '>>' ;
LESS : '<' ;
GREATER : '>' ;
ASSIGN : '=' ;
PLUS : '+' ;
MINUS : '-' ;
TIMES : '*' ;
DIVIDE : '/' ;
REMAINDER : '%' ;
BOTH : '&&' ;
EITHER_OF : '||' ;
AMPERSAND : '&' ;
BAR : '|' ;
NEGATION : '!' ;

FENCE : '```' ~[`\n]* -> pushMode(JAVASCRIPT) ;
QUOTE : '"' -> pushMode(TEXT) ;
BAD_QUOTE : '\'' (~['\r\n])* '\''? | '`' ;
BAD : . ;

mode TEXT;
CHARACTERS : ~["\\$\r\n]+ ;
ESCAPE : '\\' ([nt"\\$] | 'x' HEX HEX) ;
BAD_ESCAPE : '\\' ('x' HEX? | ~[\r\n])? ;
EXPRESSION : '${' -> pushMode(DEFAULT_MODE) ;
DOLLAR : '$' -> type(CHARACTERS) ;
CLOSE_QUOTE : '"' -> popMode ;
UNCLOSED_TEXT : [\r\n] -> popMode ;

mode JAVASCRIPT;
CODE : ~'`'+ ;
CODE_TICK : '`' '`'? -> type(CODE) ;
FENCE_END : '```' -> popMode ;
