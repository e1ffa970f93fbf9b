/**
 * The sentences of the Shootdown language: who: does what, to which range, with which options.
 *
 * Verbs, flags, options and commands such as run, explore, wait, break and goto are plain words here; the
 * tree's builder and the words of the language tell them apart. Before each closing brace, and before the end,
 * the token source puts a newline of its own, so every statement has an end.
 *
 * In an argument + means a length; arithmetic stands in parentheses and in conditions (rule expression).
 */
parser grammar ShootdownParser;

options { tokenVocab = ShootdownLexer; }

script : end* (closed end* | statement end+)* EOF ;

end : NEWLINE | SEMICOLON ;

block : OPEN_BRACE end* (closed end* | statement end+)* CLOSE_BRACE ;

// What ends with a brace may be followed by the next statement at once.
closed
    : MACHINE settings                                                       # machine
    | SCENARIO name block                                                    # scenario
    | DRIVER name driverBody                                                 # driver
    | RACE block                                                             # race
    | REPEAT expression block                                                # repeat
    | IF expression block (NEWLINE* ELSE IF expression block)* (NEWLINE* ELSE block)?   # if
    | EITHER block (NEWLINE* OR block)+                                      # either
    | probe                                                                  # probeStatement
    ;

statement
    : IOMMU name settings?                                                    # iommu
    | DEVICE name BEHIND name settings?                                       # device
    | PROCESS name settings?                                                  # process
    | FILE name argument*                                                    # file
    | BIND name TO name argument*                                            # bind
    | UNBIND name FROM name                                                  # unbind
    | LET name ASSIGN (performed | longCall AMPERSAND? | range | list)              # let
    | word (ASSIGN | ADD_ASSIGN | SUBTRACT_ASSIGN) expression            # assign
    | PRINT expression                                                       # print
    | INCLUDE text                                                           # include
    | condition                                                              # conditionStatement
    | WHY NOT? expression                                                    # why
    | performed                                                              # perform
    | call AMPERSAND?                                                        # performByDefault
    | fence                                                                  # fenceStatement
    ;

settings : OPEN_BRACE NEWLINE* (argument NEWLINE*)* CLOSE_BRACE ;

driverBody
    : OPEN_BRACE end* (probe end*)* CLOSE_BRACE
    | OPEN_BRACE end* fence end* CLOSE_BRACE
    | fence
    ;

probe : ON name parameters? point? guard? block ;

parameters : (CALL | PARENTHESIS) (name (COMMA name)*)? CLOSE_PARENTHESIS ;

fence : FENCE CODE* FENCE_END ;

condition
    : quantifier expression                                                  # quantified
    | EXPECT CONSTANT+ (actor anyCall | plainCall)                           # expectedFailure
    | EXPECT TRACE (actor anyCall | plainCall) traced                        # expectedTrace
    ;

quantifier : FORBID | ALWAYS | EXPECT | EXISTS | MAXIMUM | MINIMUM ;

traced : OPEN_BRACE end* (emitted end+)* CLOSE_BRACE ;

emitted : name argument* ;

performed : actor (anyCall | group) AMPERSAND? ;

group : OPEN_BRACE end* (anyCall end+)* CLOSE_BRACE ;

actor : dotted COLON ;

dotted : name (DOT member)* ;

// With its actor before it a call may begin with any word; on its own not with one that begins another statement.
anyCall : member argument* tail ;

plainCall : word argument* tail ;

// In a let, where a word alone is a value.
longCall : word argument+ tail ;

// On its own it may also be a command: break EVENT at POINT when COND.
call : (word | CONSTANT) argument* stop* point? guard? ;

tail : stop* guard? ;

stop : AT dotted block ;

point : AT range ;

guard : WHEN expression ;

argument
    : member ASSIGN value                                                    # option
    | constants                                                              # constantsArgument
    | range                                                                  # positional
    ;

value : list | constants | range ;

list : OPEN_BRACKET (value (COMMA value)*)? CLOSE_BRACKET ;

constants : name (BAR name)+ ;

range
    : item RANGE item                                                        # between
    | item PLUS item                                                         # length
    | item                                                                   # single
    ;

item : atom suffix* ;

suffix
    : DOT member                                                             # select
    | OPEN_BRACKET (range | PLUS item) CLOSE_BRACKET                         # index
    | CALL (expression (COMMA expression)*)? CLOSE_PARENTHESIS               # callSuffix
    ;

atom
    : NUMBER                                                                 # number
    | text                                                                   # textAtom
    | POSITION                                                               # position
    | name                                                                   # nameAtom
    | PARENTHESIS expression CLOSE_PARENTHESIS                               # parenthesised
    ;

expression
    : item                                                                   # itemExpression
    | (NEGATION | MINUS) expression                                          # unary
    | expression (TIMES | DIVIDE | REMAINDER) expression                     # binary
    | expression (PLUS | MINUS) expression                                   # binary
    | expression (SHIFT_LEFT | SHIFT_RIGHT) expression                       # binary
    | expression AMPERSAND expression                                        # binary
    | expression BAR expression                                              # binary
    | expression RANGE expression                                            # binary
    | expression (LESS | LESS_OR_EQUAL | GREATER | GREATER_OR_EQUAL | OVERLAPS | IN) expression   # binary
    | expression (EQUAL | UNEQUAL) expression                                # binary
    | expression BOTH expression                                             # binary
    | expression EITHER_OF expression                                        # binary
    ;

text : QUOTE part* CLOSE_QUOTE ;

part : CHARACTERS | ESCAPE | EXPRESSION expression EXPRESSION_END ;

// A word that begins no other statement: the verb of a call whose actor is the default one.
word : ID | BEHIND | TO | FROM | TRACE | OVERLAPS | IN ;

name
    : ID | CONSTANT | BEHIND | TO | FROM | TRACE | OVERLAPS | IN
    | MACHINE | IOMMU | DEVICE | PROCESS | FILE | DRIVER | BIND | UNBIND | SCENARIO | LET | RACE | REPEAT | IF | PRINT
    | INCLUDE | EITHER | ON | FORBID | ALWAYS | EXPECT | EXISTS | MAXIMUM | MINIMUM | WHY
    ;

member : name | AT | WHEN | ELSE | OR | NOT ;
