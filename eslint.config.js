import tseslint from 'typescript-eslint'

/** Sizes that keep a file readable in one sitting (STYLE.md). */
const sizes = {
  'max-lines': ['error', { max: 400 }],
  'max-lines-per-function': ['error', { max: 80, skipBlankLines: true, skipComments: true }],
}

export default tseslint.config(
  { ignores: ['node_modules', 'data', '.cache', '**/*.js', '**/*.mjs', 'src/**/generated/**'] },
  ...tseslint.configs.strictTypeChecked,
  {
    languageOptions: { parserOptions: { project: './tsconfig.json', tsconfigRootDir: import.meta.dirname } },
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    rules: {
      ...sizes,
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/consistent-type-exports': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      // One type parameter that only the caller fills names the row that a query answers with.
      '@typescript-eslint/no-unnecessary-type-parameters': 'off',
      '@typescript-eslint/no-invalid-void-type': 'off',
      // Absent and empty texts are both "nothing" in forms and addresses; the shorter reads better there.
      '@typescript-eslint/prefer-nullish-coalescing': 'off',
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      // Libraries of ours bring enums; comparing with the number they document is all one can do without importing them.
      '@typescript-eslint/no-unsafe-enum-comparison': 'off',
      // Two dear rules that have nothing to find: enums are not ours to write (erasableSyntaxOnly), and classes are few.
      '@typescript-eslint/no-unsafe-enum-assignment': 'off',
      '@typescript-eslint/no-unsafe-class-instance-assignment': 'off',
      // Spreading a text into its code points is what counting signs of a password or a code needs.
      '@typescript-eslint/no-misused-spread': ['error', { allow: ['string'] }],
      eqeqeq: ['error', 'always', { null: 'ignore' }],
    },
  },
  {
    files: ['src/**/*.ts'],
    rules: {
      'no-restricted-syntax': [
        'error',
        { selector: 'ExportDefaultDeclaration', message: 'Exports have names: a name can be searched for.' },
        { selector: 'TSEnumDeclaration', message: 'Use a union of words.' },
      ],
    },
  },
  {
    files: ['src/**/*.ts'],
    ignores: ['src/doors/command-line/**', '**/*.test.ts'],
    rules: { 'no-console': 'error' },
  },
  {
    files: ['**/*.test.ts', 'test/**/*.ts'],
    rules: {
      'max-lines-per-function': 'off',
      '@typescript-eslint/no-non-null-assertion': 'off',
      // Matchers such as expect.any and bodies read as JSON are `any`; the expectation is their check.
      '@typescript-eslint/no-unsafe-assignment': 'off',
    },
  },
)
