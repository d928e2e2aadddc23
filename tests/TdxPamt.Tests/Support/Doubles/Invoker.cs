using System.Linq.Expressions;
using System.Reflection;

namespace TdxPamt.Tests.Support;

/// <summary>Calls any method with boxed arguments; reflection alone knows no spans.</summary>
internal static class Invoker
{
    /// <summary>Makes a method callable. An array goes where a span is wanted; the receiver comes first; what comes
    /// back by reference is put into the arguments. A span that is returned comes back as null.</summary>
    public static Func<object?[], object?> Of(MethodBase method)
    {
        ParameterExpression arguments = Expression.Parameter(typeof(object?[]), "arguments");
        List<ParameterExpression> variables = [];
        List<Expression> before = [];
        List<Expression> after = [];
        List<Expression> passed = [];
        int next = method is MethodInfo { IsStatic: false } ? 1 : 0;
        foreach (ParameterInfo parameter in method.GetParameters())
        {
            Expression slot = Expression.ArrayAccess(arguments, Expression.Constant(next++));
            Type type = parameter.ParameterType;
            if (type.IsByRef)
            {
                ParameterExpression variable = Expression.Variable(type.GetElementType()!);
                variables.Add(variable);
                if (!parameter.IsOut)
                    before.Add(Expression.Assign(variable, Expression.Convert(slot, variable.Type)));
                after.Add(Expression.Assign(slot, Expression.Convert(variable, typeof(object))));
                passed.Add(variable);
            }
            else if (type.IsByRefLike)
            {
                Type array = type.GetGenericArguments()[0].MakeArrayType();
                passed.Add(Expression.Call(
                    type.GetMethod("op_Implicit", [array])!, Expression.Convert(slot, array)));
            }
            else
            {
                passed.Add(Expression.Convert(slot, type));
            }
        }

        Expression call = method switch
        {
            ConstructorInfo constructor => Expression.New(constructor, passed),
            { IsStatic: true } => Expression.Call((MethodInfo)method, passed),
            _ => Expression.Call(
                Expression.Convert(
                    Expression.ArrayAccess(arguments, Expression.Constant(0)), method.DeclaringType!),
                (MethodInfo)method,
                passed),
        };
        ParameterExpression result = Expression.Variable(typeof(object));
        Expression kept = call.Type == typeof(void) || call.Type.IsByRefLike || call.Type.IsByRef
            ? call
            : Expression.Assign(result, Expression.Convert(call, typeof(object)));
        return Expression.Lambda<Func<object?[], object?>>(
            Expression.Block([.. variables, result], [.. before, kept, .. after, result]), arguments).Compile();
    }
}
