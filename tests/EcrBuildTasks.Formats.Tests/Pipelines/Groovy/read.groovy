// A Jenkinsfile on stdin, what it calls on stdout, as a tree of { name, arguments, body }: by the version of Groovy that Jenkins has, and
// without running any of it.
import groovy.json.JsonOutput
import org.codehaus.groovy.ast.ClassNode
import org.codehaus.groovy.ast.builder.AstBuilder
import org.codehaus.groovy.ast.expr.*
import org.codehaus.groovy.ast.stmt.*
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
    ]
}

def treeOf(Statement block) {
    block.statements.collect { statement ->
        def expression = statement.expression
        switch (expression) {
            case MethodCallExpression: return callOf(expression)
            case BinaryExpression: return [name: expression.leftExpression.text, arguments: [valueOf(expression.rightExpression)], body: null]
            // A word alone, such as the `any` of `agent any`.
            default: return [name: expression.text, arguments: [], body: null]
        }
    }
}

def nodes = new AstBuilder().buildFromString(CompilePhase.CONVERSION, false, System.in.getText('UTF-8'))
println JsonOutput.toJson(treeOf(nodes.find { !(it instanceof ClassNode) }))
