// Jenkinsfiles as a JSON array on stdin; on stdout, for each, what it calls, as { calls: a tree of { name, arguments, body, assigned } }, or
// { error }: by the version of Groovy that Jenkins has, and without running any of it.
import groovy.json.JsonOutput
import groovy.json.JsonSlurper
import org.codehaus.groovy.ast.ClassNode
import org.codehaus.groovy.ast.builder.AstBuilder
import org.codehaus.groovy.ast.expr.*
import org.codehaus.groovy.ast.stmt.*
import org.codehaus.groovy.control.CompilationFailedException
import org.codehaus.groovy.control.CompilePhase

def valueOf(Expression expression) {
    switch (expression) {
        case ConstantExpression: return expression.value
        case GStringExpression: return expression.text
        case MapExpression: return expression.mapEntryExpressions.collectEntries { [valueOf(it.keyExpression), valueOf(it.valueExpression)] }
        case ListExpression: return expression.expressions.collect { valueOf(it) }
        case MethodCallExpression: return callOf(expression)
        case VariableExpression: return expression.name
        default: throw new IllegalStateException("line ${expression.lineNumber}: $expression")
    }
}

def argumentsOf(Expression expression) {
    expression instanceof TupleExpression ? expression.expressions : [expression]
}

def callOf(MethodCallExpression call) {
    def given = argumentsOf(call.arguments)
    def closure = given.find { it instanceof ClosureExpression }
    [
        name: valueOf(call.method),
        arguments: given.findAll { !(it instanceof ClosureExpression) }.collect { valueOf(it) },
        body: closure == null ? null : treeOf(closure.code),
        assigned: false,
    ]
}

def treeOf(Statement block) {
    block.statements.collect { statement ->
        def expression = statement.expression
        switch (expression) {
            case MethodCallExpression: return callOf(expression)
            case BinaryExpression: return [name: expression.leftExpression.text, arguments: [valueOf(expression.rightExpression)], body: null, assigned: true]
            // A word alone, such as the `any` of `agent any`.
            default: return [name: expression.text, arguments: [], body: null, assigned: false]
        }
    }
}

def read(String text) {
    try {
        def nodes = new AstBuilder().buildFromString(CompilePhase.CONVERSION, false, text)
        [calls: treeOf(nodes.find { !(it instanceof ClassNode) })]
    } catch (CompilationFailedException failure) {
        [error: failure.message]
    }
}

println JsonOutput.toJson(new JsonSlurper().parseText(System.in.getText('UTF-8')).collect { read(it) })
