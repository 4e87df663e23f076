import { catalogue } from '../../plumbing/index.ts'

/** What a person reads of this room on her own page. */
export const sayOnReceipt = catalogue({
  en: {
    joinedTitle: 'Handled together',
    joined:
      'Somebody else reported the same thing. The city handles both together. You keep this page, and an answer to both is shown to you here. Nothing of what you wrote is shown to the other person.',
  },
  es: {
    joinedTitle: 'Se atienden juntas',
    joined:
      'Otra persona reportó lo mismo. La ciudad atiende los dos reportes juntos. Usted conserva esta página, y aquí verá la respuesta que sea para ambos. A la otra persona no se le muestra nada de lo que usted escribió.',
  },
})
